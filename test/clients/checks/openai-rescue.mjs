// OpenAI's own client where the canary fails before its answers have content, and stable answers in its place.
import OpenAI from 'openai';
import { assert, asserts, check, countingFetch, countsAre, finish, forAll, gateway, inPhase, users, versionOf, words } from '../shared/checks.mjs';

const client = new OpenAI({ apiKey: 'none', baseURL: `${gateway}/v1`, fetch: countingFetch, maxRetries: 0 });
const ask = (user, content, more) => ({ model: 'agent', safety_identifier: user, messages: [{ role: 'user', content }], ...more });
let failed = 0;

async function good(user) {
  const { data, response } = await client.chat.completions.create(ask(user, 'words 20')).withResponse();
  assert.equal(data.choices[0].message.content, words(20));
  return versionOf(response);
}

function isRescued(response) {
  failed++;
  assert.equal(versionOf(response), 'v1.0.0');
  assert.equal(response.headers.get('x-canary-rescued'), 'true');
}

await inPhase('Progressing');
const everybody = users(100);
const versions = await forAll(everybody, good);
asserts.bothServe(versions);
const onCanary = everybody.filter((_, i) => versions[i] === 'v1.1.0');

await check("A streamed chat whose canary fails before content is stable's, whole and once", async () => {
  for (const [i, how] of ['unavailable', 'reset', 'error', 'late'].entries()) {
    const { data, response } = await client.chat.completions.create(ask(onCanary[i], `early ${how}`, { stream: true })).withResponse();
    let text = '';
    for await (const chunk of data) {
      text += chunk.choices[0].delta.content ?? '';
      assert.equal(chunk.model, 'model-v1.0.0');
    }
    assert.equal(text, words(20), how);
    isRescued(response);
    assert.equal(await good(onCanary[i]), 'v1.1.0'); // the user stays where the split put him
  }
});

await check('The streaming aid of the SDK sees one whole chat', async () => {
  const stream = client.chat.completions.stream(ask(onCanary[0], 'early late'));
  const whole = await stream.finalChatCompletion();
  failed++;
  assert.equal(whole.choices[0].message.content, words(20));
  assert.equal(whole.model, 'model-v1.0.0');
});

await check('A chain that begins with a rescue goes on at stable', async () => {
  const { data, response } = await client.responses.create({ model: 'agent', safety_identifier: onCanary[1], input: 'early unavailable' }).withResponse();
  isRescued(response);
  const next = await client.responses.create({ model: 'agent', safety_identifier: onCanary[1], input: 'go on', previous_response_id: data.id }).withResponse();
  assert.equal(next.data.metadata.turn, '2');
  assert.equal(versionOf(next.response), 'v1.0.0');
  assert.equal(next.response.headers.get('x-canary-rescued'), null);
});

await check("The failures are the canary's, and each call was counted once", () => countsAre({ error_upstream: failed }));

finish();
