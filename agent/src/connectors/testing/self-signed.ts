import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { isIP } from 'node:net';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

interface Subject {
  /** A host name or an address; of a client's certificate, the user. */
  readonly name: string;
  readonly isExpired?: boolean;
}

export interface Authority extends Certificate {
  issue(subject: Subject): Certificate;
}

/** A certificate for `localhost`, signed by itself. */
export function selfSigned(): Certificate {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return certificate({ subject: { name: 'localhost' }, keys, issuer: { name: 'localhost', key: keys.privateKey } });
}

/** An authority and what it signs. */
export function certificateAuthority(name = 'Custard test authority'): Authority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = { name, key: keys.privateKey };
  return {
    ...certificate({ subject: { name }, keys, issuer }),
    issue: (subject) => {
      const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      return certificate({ subject, keys: own, issuer });
    },
  };
}

interface Making {
  readonly subject: Subject;
  readonly keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  readonly issuer: { readonly name: string; readonly key: KeyObject };
}

/** Made by hand: Node can read X.509 but not write it (RFC 5280). */
function certificate(making: Making): Certificate {
  const body = tbsCertificate(making);
  const signature = sign('sha256', body, making.issuer.key);
  const whole = sequence(body, ECDSA_SHA256, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  // No line may be empty, so that the last must not end twice.
  const base64 = (whole.toString('base64').match(/.{1,64}/g) ?? []).join('\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
    key: making.keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const objectId = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const utcTime = (text: string): Buffer => der(0x17, Buffer.from(text));

/** ecdsa-with-SHA256, commonName, subjectAltName and basicConstraints. */
const ECDSA_SHA256 = sequence(objectId('2a8648ce3d040302'));
const COMMON_NAME = objectId('550403');
const ALTERNATIVE_NAME = objectId('551d11');
const BASIC_CONSTRAINTS = objectId('551d13');

const distinguishedName = (name: string): Buffer =>
  sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(name)))));

function tbsCertificate({ subject: { name, isExpired }, keys, issuer }: Making): Buffer {
  const alternativeName =
    isIP(name) === 4 ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name));
  const signsOthers = issuer.name === name;
  const isAuthority = signsOthers ? sequence(der(0x01, Buffer.from([0xff]))) : sequence();
  return sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.from([signsOthers ? 1 : 2])),
    ECDSA_SHA256,
    distinguishedName(issuer.name),
    sequence(utcTime('200101000000Z'), utcTime(isExpired ? '210101000000Z' : '491231235959Z')),
    distinguishedName(name),
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    der(
      0xa3,
      sequence(
        sequence(ALTERNATIVE_NAME, der(0x04, sequence(alternativeName))),
        sequence(BASIC_CONSTRAINTS, der(0x04, isAuthority)),
      ),
    ),
  );
}
