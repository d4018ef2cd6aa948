// Answers one line of JSON for each line of JSON it reads, until there are no more.
import { createInterface } from 'node:readline';

export async function serve(answer) {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    let reply;
    try {
      reply = { found: await answer(JSON.parse(line)) };
    } catch (error) {
      reply = { error: String(error && error.stack || error).slice(0, 2000) };
    }
    process.stdout.write(JSON.stringify(reply) + '\n');
  }
}
