// Evaluates formula fields in their order for every lead: reads {fields: [[name, formula]], leads: [[{…}]]} on stdin.
import { parse } from "formulon";

const input = JSON.parse(await new Response(process.stdin).text());

function literal(value) {
  if (value === null) return { type: "literal", dataType: "null", value: null, options: {} };
  if (typeof value === "boolean") return { type: "literal", dataType: "checkbox", value, options: {} };
  if (typeof value === "string") return { type: "literal", dataType: "text", value, options: { length: value.length } };
  const text = value.toString();
  const scale = /e-/.test(text) ? 18 : (text.split(".")[1] ?? "").length;
  return { type: "literal", dataType: "number", value, options: { length: 18, scale } };
}

const rows = input.leads.map((lead) => {
  const known = Object.fromEntries(Object.entries(lead).map(([name, value]) => [name, literal(value)]));
  for (const [name, formula] of input.fields) {
    const found = parse(formula, known);
    if (found.type === "error") throw new Error(`${name}: ${JSON.stringify(found)} in ${formula.slice(0, 300)}`);
    known[name] = found;
  }
  return Object.fromEntries(input.fields.map(([name]) => [name, known[name].value]));
});
process.stdout.write(JSON.stringify(rows));
