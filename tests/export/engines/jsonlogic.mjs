// JSON Logic: the reference implementation, which interprets, and json-logic-engine, which compiles.
import jsonLogic from 'json-logic-js';
import { LogicEngine } from 'json-logic-engine';
import { serve } from './serve.mjs';

function evaluator(expression, engine) {
  if (engine === 'json-logic-js') return (lead) => jsonLogic.apply(expression, lead);
  return new LogicEngine().build(expression);
}

await serve(({ engine, printed, leads, numbers }) => {
  leads.forEach((lead, i) => {
    for (const name of numbers) if (lead[name] === null && i % 2) lead[name] = NaN;
  });
  const { dimensions, score, grade, action, reasons } = JSON.parse(printed).logic;
  const wanted = Object.entries({ ...dimensions, score, grade, action, reasons });
  const evaluators = wanted.map(([name, expression]) => [name, evaluator(expression, engine)]);
  return leads.map((lead) => Object.fromEntries(evaluators.map(([name, evaluate]) => [name, evaluate(lead)])));
});
