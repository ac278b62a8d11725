import type { MongodbSettings } from '../settings.ts';
import { decode, defined, invalid, splitAuthority, splitUserinfo } from './url-parts.ts';

/** What the query holds is the driver's to understand; it refuses what it does not know. */
export function parseMongodbUrl(rest: string, srv: boolean): MongodbSettings {
  if (!rest.startsWith('//')) throw invalid('A MongoDB URL begins with mongodb:// or mongodb+srv://.');
  const { userinfo, address, path, query } = splitAuthority(rest.slice(2));
  const { urlUser, urlPassword: password } = splitUserinfo(userinfo);
  const user = urlUser || undefined;
  if (srv && /[,:]/.test(address)) throw invalid('A mongodb+srv:// URL names one host, without a port.');
  return {
    dialect: 'mongodb',
    srv,
    hosts: address || 'localhost',
    database: decode(path),
    options: query,
    ...defined({ user, password }),
  };
}
