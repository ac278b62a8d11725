import { existsSync } from 'node:fs';
import type { Config } from '@oclif/core/config';
import { getHelpFlagAdditions, normalizeArgv } from '@oclif/core/help';
import { closest } from '#core/closest.ts';
import { CustardError } from '#core/errors.ts';
import { CustardCommand } from './command.ts';
import { CustardHelp } from './help.ts';
import type { Surroundings } from './run-context.ts';

interface DispatchOptions {
  readonly argv: readonly string[];
  readonly surroundings: Surroundings;
  readonly config: Config;
}

/**
 * Finds the command and runs it, or shows help. What oclif's own `run` does, but for the error
 * output, the exit statuses and the closed pipe, which have rules of their own here.
 */
export async function dispatch({ argv, surroundings, config }: DispatchOptions): Promise<void> {
  if (asksForHelp(argv, config)) return showHelp(withoutHelpWord(argv), config);
  const [id = '', ...rest] = normalizeArgv(config, [...argv]);
  const command = config.findCommand(id);
  if (command === undefined) {
    if (config.findTopic(id) !== undefined) return showHelp([id], config);
    throw unknownCommand(argv, config);
  }
  const instance: unknown = Reflect.construct(await command.load(), [spreadFiles(rest).map(keepComment), config]);
  if (!(instance instanceof CustardCommand)) throw new Error(`${id} is not one of Custard's commands`);
  try {
    await instance.execute({ ...surroundings, version: config.version });
  } catch (error) {
    const { usageErrorOf } = await import('./usage-error.ts');
    throw usageErrorOf(error, id) ?? error;
  }
}

/** The shell writes `--file *.csv` out as `--file a.csv b.csv`: the further files get flags of their own. */
function spreadFiles(args: readonly string[]): string[] {
  let isAfterFile = false;
  return args.flatMap((arg, index) => {
    const isFurther = isAfterFile && args[index - 1] !== '--file' && isDataFile(arg);
    isAfterFile = arg === '--file' || args[index - 1] === '--file' || isFurther;
    return isFurther ? ['--file', arg] : [arg];
  });
}

const isDataFile = (arg: string): boolean =>
  /\.(?:csv|tsv|tab|json|ndjson|jsonl|parquet)(?:\.gz)?$/i.test(arg) && existsSync(arg);

/** A statement may begin with a comment, which looks like a flag: a space before it tells the two apart. */
const keepComment = (arg: string): string => (/^--(?:\s|[^\n=]*\n)/.test(arg) ? ` ${arg}` : arg);

function asksForHelp(argv: readonly string[], config: Config): boolean {
  if (argv.length === 0 || argv[0] === 'help') return true;
  const helpFlags = getHelpFlagAdditions(config);
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).some((arg) => helpFlags.includes(arg));
}

const withoutHelpWord = (argv: readonly string[]): readonly string[] => (argv[0] === 'help' ? argv.slice(1) : argv);

async function showHelp(argv: readonly string[], config: Config): Promise<void> {
  const [id = ''] = normalizeArgv(
    config,
    argv.filter((arg) => !arg.startsWith('-')),
  );
  if (id !== '' && config.findCommand(id) === undefined && config.findTopic(id) === undefined) {
    throw unknownCommand(argv, config);
  }
  await new CustardHelp(config, config.pjson.oclif.helpOptions).showHelp([...argv]);
}

/** Of a topic that is right only the rest can be meant otherwise. */
function nearest(words: readonly string[], known: readonly string[], config: Config): string | undefined {
  const [first = '', second = ''] = words;
  if (config.findTopic(first) !== undefined) {
    const verbs = known.filter((name) => name.startsWith(`${first} `)).map((name) => name.slice(first.length + 1));
    const verb = closest(second, verbs);
    return verb === null ? undefined : `${first} ${verb}`;
  }
  return (
    [2, 1].map((count) => closest(words.slice(0, count).join(' '), known)).find((name) => name !== null) ?? undefined
  );
}

const ASKING = 'To ask a question: custard ask "…". Run `custard help` for all commands.';

function unknownCommand(argv: readonly string[], config: Config): CustardError {
  const words = argv.filter((arg) => !arg.startsWith('-'));
  const known = [...config.commandIDs, ...config.topics.map(({ name }) => name)].map((id) => id.replaceAll(':', ' '));
  const meant = nearest(words, known, config);
  const [first = '', second = ''] = words;
  const isTopic = config.findTopic(first) !== undefined;
  const isQuestion = !isTopic && (second !== '' || first.includes(' '));
  const otherwise = isQuestion ? ASKING : `Run \`custard ${isTopic ? `${first} --help` : 'help'}\` for the list.`;
  const hint = meant === undefined ? otherwise : `Did you mean \`custard ${meant}\`?`;
  if (first === '') return new CustardError('USAGE', `${argv[0]} comes before any command.`, { hint });
  const named = isTopic ? `${first} ${second}` : first;
  return new CustardError('USAGE', `There is no command "${named}".`, { hint });
}
