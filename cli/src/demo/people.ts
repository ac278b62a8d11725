/** An address that is unique by its number, on a domain that nobody can own. */
export function emailOf(firstName: string, lastName: string, id: number, domain: string): string {
  const name = `${firstName}.${lastName}`
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^a-z.]/g, '')
    .replace(/^\.+|\.+$/g, '');
  return `${name === '' ? 'mail' : name}.${id}@${domain}`;
}
