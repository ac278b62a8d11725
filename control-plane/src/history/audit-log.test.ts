import { describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../db/database.ts';
import { migrate } from '../db/migrate.ts';
import { ENGINES, metadataDatabase } from '../test-support/test-server.ts';
import { type AuditEvent, AuditLog } from './audit-log.ts';

const event = (organizationId: string, subject: string): AuditEvent => ({
  ...{ organizationId, actor: 'user:1', action: 'thing.made', subject, detail: { b: 1, a: 'ö' } },
});

describe.each(ENGINES)('the audit log on %s', (engine) => {
  async function withDatabase(test: (database: Database) => Promise<void>): Promise<void> {
    await using metadata = await metadataDatabase(engine);
    const database = await openDatabase(metadata.url);
    await migrate(database);
    await test(database);
    await database.close();
  }

  it('chains what several replicas append for several organizations', () =>
    withDatabase(async (database) => {
      const replicas = [new AuditLog(database), new AuditLog(database)];
      const append = (index: number): Promise<void> | undefined =>
        replicas[index % 2]?.append(event(`org-${index % 3}`, String(index)));
      for (let round = 0; round < 3; round++) {
        await Promise.all(Array.from({ length: 30 }, (_, index) => append(index)));
      }
      const [log] = replicas;
      expect(await log?.verify('org-0')).toMatchObject({ brokenAt: null });
      const rows = await database.knex('audit').where({ organization_id: 'org-0' }).orderBy('sequence');
      expect(rows.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
      expect(rows[0]).toMatchObject({ previous_hash: '', detail: '{"a":"ö","b":1}' });
    }));

  it('refuses to be changed', () =>
    withDatabase(async (database) => {
      await new AuditLog(database).append(event('org', '1'));
      await expect(database.knex('audit').update({ actor: 'nobody' })).rejects.toThrow('append-only');
      await expect(database.knex('audit').delete()).rejects.toThrow('append-only');
    }));

  it.each([
    ['changed', (database: Database) => database.knex('audit').where({ sequence: 3 }).update({ subject: 'other' })],
    ['taken out', (database: Database) => database.knex('audit').where({ sequence: 3 }).delete()],
  ])('shows where a row was %s', (_, tamper) =>
    withDatabase(async (database) => {
      const log = new AuditLog(database);
      await Promise.all(Array.from({ length: 5 }, (__, index) => log.append(event('org', String(index)))));
      const undo = { sqlite: ['UPDATE', 'DELETE'].map((change) => `DROP TRIGGER audit_no_${change.toLowerCase()}`) };
      const disable = engine === 'sqlite' ? undo.sqlite : ['ALTER TABLE audit DISABLE TRIGGER ALL'];
      for (const statement of disable) await database.knex.raw(statement);
      await tamper(database);
      expect(await log.verify('org')).toMatchObject({ entries: 2, brokenAt: 3 });
    }),
  );
});
