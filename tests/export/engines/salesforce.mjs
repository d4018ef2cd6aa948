// Evaluates formula fields in their order for every lead: is asked {fields: [[name, formula]], leads: [{…}]}.
import { parse } from "formulon";
import { serve } from "./serve.mjs";

function literal(value) {
  if (value === null) return { type: "literal", dataType: "null", value: null, options: {} };
  if (typeof value === "boolean") return { type: "literal", dataType: "checkbox", value, options: {} };
  if (typeof value === "string") return { type: "literal", dataType: "text", value, options: { length: value.length } };
  const text = value.toString();
  const scale = /e-/.test(text) ? 18 : (text.split(".")[1] ?? "").length;
  return { type: "literal", dataType: "number", value, options: { length: 18, scale } };
}

await serve(({ fields, leads }) => leads.map((lead) => {
  const known = Object.fromEntries(Object.entries(lead).map(([name, value]) => [name, literal(value)]));
  for (const [name, formula] of fields) {
    const found = parse(formula, known);
    if (found.type === "error") throw new Error(`${name}: ${JSON.stringify(found)} in ${formula.slice(0, 300)}`);
    known[name] = found;
  }
  return Object.fromEntries(fields.map(([name]) => [name, known[name].value]));
}));
