/**
 * What makes a user that may read this database and nothing else, for mongosh. Run twice, it does no harm.
 * @param own the agent's user, whose rights are not taken away here: then another is made
 */
export function leastPrivilege(database: string, own: string | undefined): string {
  const name = own === 'custard_reader' ? 'custard_reader_2' : 'custard_reader';
  const quoted = JSON.stringify(database);
  return [
    '// A user that can read this database and nothing else. Paste it into mongosh, as a user that may make users;',
    '// it asks for the password. For single collections make a role of your own with the action find on each.',
    `const database = db.getSiblingDB(${quoted});`,
    `if (database.getUser("${name}") === null) {`,
    `  database.createUser({user: "${name}", pwd: passwordPrompt(), roles: [{role: "read", db: ${quoted}}]});`,
    '}',
    '// In Atlas, where users are not made so: Database Access, Add New Database User, Specific Privileges, read on it.',
    '',
  ].join('\n');
}
