// GoRules Zen under Node.
import { ZenEngine } from '@gorules/zen-engine';
import { serve } from './serve.mjs';

const engine = new ZenEngine();

await serve(async ({ printed, leads }) => {
  const decision = engine.createDecision(Buffer.from(printed, 'utf-8'));
  const found = [];
  for (const lead of leads) found.push((await decision.evaluate(lead)).result);
  return found;
});
