// DMN: dmn-moddle reads the file, feelin evaluates each cell and expression; hit policies are applied here.
import { DmnModdle } from 'dmn-moddle';
import { evaluate, unaryTest } from 'feelin';
import { serve } from './serve.mjs';

const moddle = new DmnModdle();
const results = new Map(); // cells do not depend on anything but their input: each pair is evaluated once

function holds(cell, value) {
  const key = `${typeof value}\u0000${Object.is(value, -0) ? 0 : value}\u0000${cell}`;
  if (!results.has(key)) {
    if (results.size > 500000) results.clear();
    const { value: result, warnings } = unaryTest(cell, { '?': value });
    results.set(key, { result, warning: result === null ? warnings : undefined });
  }
  const { result, warning } = results.get(key);
  if (typeof result !== 'boolean') throw new Error(`${cell} of ${value}: ${JSON.stringify(warning)}`);
  return result;
}

const constants = new Map(); // what a row gives: literals, which read nothing

function constant(text) {
  if (!constants.has(text)) constants.set(text, expression(text, {}));
  return constants.get(text);
}

function expression(text, context) {
  const { value, warnings } = evaluate(text, context);
  if (warnings.length) throw new Error(`${text}: ${JSON.stringify(warnings)}`);
  return value;
}

function tableResult(table, context) {
  const values = table.input.map(({ inputExpression: { text } }) => expression(text, text in context ? { [text]: context[text] } : {}));
  const hit = table.rule.filter((rule) => rule.inputEntry.every((entry, i) => holds(entry.text, values[i])));
  const outputs = hit.map((rule) => constant(rule.outputEntry[0].text));
  if (table.hitPolicy === 'COLLECT' && table.aggregation === 'SUM') return outputs.length ? outputs.reduce((a, b) => a + b) : null;
  if (table.hitPolicy === 'RULE ORDER') return outputs;
  if (table.hitPolicy === 'FIRST') return outputs.length ? outputs[0] : null;
  if (table.hitPolicy !== 'UNIQUE') throw new Error(`hit policy ${table.hitPolicy}`);
  if (outputs.length !== 1) throw new Error(`${outputs.length} rules of a unique table hold`);
  return outputs[0];
}

await serve(async ({ printed, leads }) => {
  const { rootElement, warnings } = await moddle.fromXML(printed);
  if (warnings.length) throw new Error(String(warnings[0].message));
  const elements = new Map(rootElement.drgElement.map((element) => [element.id, element]));
  const decisions = rootElement.drgElement.filter((element) => element.$type === 'dmn:Decision');
  const decide = (decision, context) => {
    if (decision.variable.name in context) return;
    const seen = {}; // a decision sees what it requires, nothing else
    for (const { requiredInput, requiredDecision } of decision.informationRequirement || []) {
      const { variable: { name } } = elements.get((requiredInput || requiredDecision).href.slice(1));
      if (requiredDecision) decide(elements.get(requiredDecision.href.slice(1)), context);
      if (!(name in context)) throw new Error(`${name} is not given`);
      seen[name] = context[name];
    }
    const logic = decision.decisionLogic;
    const result = logic.$type === 'dmn:DecisionTable' ? tableResult(logic, seen) : expression(logic.text, seen);
    context[decision.variable.name] = result;
  };
  return leads.map((lead) => {
    const context = { ...lead };
    for (const decision of decisions) decide(decision, context);
    return Object.fromEntries(decisions.map(({ variable }) => [variable.name, context[variable.name]]));
  });
});
