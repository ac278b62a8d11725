import { describe, expect, it } from 'vitest';
import { parseEnvironment } from './env.ts';

describe('the environment', () => {
  it('has defaults for everything', () => {
    expect(parseEnvironment({ XDG_DATA_HOME: '/data' })).toEqual({
      databaseUrl: 'sqlite:/data/custard/control-plane.db',
      ...{ host: '127.0.0.1', port: 8000, openai: null, logLevel: 'info', clientStallMs: 60_000, firstTokenFile: null },
    });
    expect(parseEnvironment({ CUSTARD_DATA_DIR: '/here', PORT: '' }).databaseUrl).toBe('sqlite:/here/control-plane.db');
  });

  it('asks a model when there is a key or an address', () => {
    expect(parseEnvironment({ OPENAI_API_KEY: 'k' }).openai).toMatchObject({ apiKey: 'k', baseUrl: null });
    const own = parseEnvironment({ OPENAI_BASE_URL: 'http://localhost:11434/v1', OPENAI_MODEL: 'qwen' });
    expect(own.openai).toMatchObject({ baseUrl: 'http://localhost:11434/v1', model: 'qwen' });
  });

  it('names each variable that is wrong, what it expects, and no secret', () => {
    const parse = () =>
      parseEnvironment({
        ...{ DATABASE_URL: 'mysql://root:hunter2@db', PORT: '70000', OPENAI_BASE_URL: 'ollama', LOG_LEVEL: 'loud' },
      });
    expect(parse).toThrow(
      /DATABASE_URL expects sqlite:.*PORT expects 0 to 65535.*OPENAI_BASE_URL expects.*LOG_LEVEL expects/,
    );
    expect(parse).not.toThrow(/hunter2/);
    expect(parse).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});
