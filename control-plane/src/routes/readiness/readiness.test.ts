import { expect, it } from 'vitest';
import { describeAccounts } from '../../test-support/account-suite.ts';
import { signUp } from '../../test-support/person.ts';
import { readBody } from '../../test-support/test-server.ts';

describeAccounts('readiness for production', (suite) => {
  it('is told to who runs the server, setting by setting, and to nobody else', async () => {
    const answer = await suite.server.request('GET', '/production-readiness');
    const { ready, settings } = await readBody(answer);
    expect(ready).toBe(false);
    expect(settings).toContainEqual(expect.objectContaining({ setting: 'PUBLIC_URL', verdict: 'fail' }));
    expect(settings).toContainEqual(expect.objectContaining({ setting: 'JWT_SECRET_KEY', verdict: 'ok' }));
    const stranger = await signUp(suite.server);
    expect((await stranger.call('GET', '/production-readiness')).status).toBe(403);
  });
});
