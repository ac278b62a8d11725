import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type MongodbFixture,
  SERVER_NAME,
  startMongodb,
} from '../agent/src/connectors/mongodb/testing/mongodb-fixture.ts';
import { createSandbox, runCommand } from '../cli/test/run-command.ts';
import { startFakeOpenAi, statement } from '../control-plane/src/test-support/fake-openai.ts';

describe(`the command line on ${SERVER_NAME}`, () => {
  let fixture: MongodbFixture;
  beforeAll(async () => {
    fixture = await startMongodb();
  });
  afterAll(async () => {
    await fixture.stop();
  });

  const cities = { collection: 'customer', pipeline: [{ $match: { address: { $exists: true } } }, { $count: 'n' }] };

  it('runs a pipeline, shows fields, grades the user', async () => {
    await using sandbox = await createSandbox();
    const db = ['--db', fixture.url];
    expect(await runCommand(['sql', JSON.stringify(cities), ...db, '-o', 'csv'], sandbox)).toMatchObject({
      ...{ status: 0, stdout: expect.stringMatching(/^n\r?\n2\r?\n$/) },
    });
    const shown = await runCommand(['schema', 'show', 'order', ...db, '-o', 'csv'], sandbox);
    expect(shown.stdout).toMatch(/^items\.price,double,true/m);
    expect((await runCommand(['doctor', ...db], sandbox)).stdout).toMatch(/mongodb \d+\.\d+[\s\S]*createUser/);
    const write = JSON.stringify({ collection: 'customer', pipeline: [{ $out: 'x' }] });
    expect(await runCommand(['sql', write, ...db], sandbox)).toMatchObject({
      ...{ status: 5, stderr: expect.stringContaining('NOT_READ_ONLY') },
    });
  }, 30_000);

  it('asks a model to write the pipeline', async () => {
    await using endpoint = await startFakeOpenAi();
    endpoint.reply = () => statement(JSON.stringify(cities));
    await using sandbox = await createSandbox({ OPENAI_API_KEY: 'x', OPENAI_BASE_URL: endpoint.url });
    const question = ['ask', 'how many customers have an address?', '--db', fixture.url];
    expect(await runCommand(question, sandbox)).toMatchObject({ status: 0, stdout: '2\n' });
  }, 30_000);

  it('writes it without a model too, and says what it cannot place', async () => {
    await using sandbox = await createSandbox();
    const bonn = ['ask', 'how many customers are in Bonn?', '--db', fixture.url];
    expect(await runCommand(bonn, sandbox)).toMatchObject({ status: 0, stdout: '1\n' });
    const unsure = await runCommand(['ask', 'how many unicorns are there?', '--db', fixture.url], sandbox);
    expect(unsure).toMatchObject({ status: 9, stdout: '' });
    expect(unsure.stderr).toMatch(/unicorns[\s\S]*custard sql '\{"collection"[\s\S]*OPENAI_API_KEY/);
  }, 30_000);
});
