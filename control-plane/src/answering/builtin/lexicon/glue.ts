const words = (text: string): string[] => text.trim().split(/\s+/);

/** Forms of be, do, have and the modal verbs: they carry tense, not content. */
export const AUXILIARIES: ReadonlySet<string> = new Set(
  words(`is are was were be been being do does did have has had having can could will would may might shall should 's`),
);

export const DETERMINERS: ReadonlySet<string> = new Set(
  words(`the a an all any some this these those their his her its our my your every`),
);

export const PRONOUNS: ReadonlySet<string> = new Set(
  words(`that which who whom whose where when there it they we you i us me he she them`),
);

export const PREPOSITIONS: ReadonlySet<string> = new Set(
  words(
    `of in on at by for from to with within into onto about among as along during through across inside out up off`,
  ),
);

/** Words that may stand anywhere without changing what is asked. */
export const FILLERS: ReadonlySet<string> = new Set(
  words(`also please respectively ever together just currently now overall altogether then so too well
    actually really exactly particular certain given specific corresponding associated related respective
    possible kindly yet already hello hi hey thanks thank either else both's records record's`),
);

/**
 * Verbs that only say that two things belong together. What they connect is said by the nouns
 * around them, and by the schema's keys. Stems.
 */
export const LINKING_VERBS: ReadonlySet<string> = new Set(
  words(`own earn belong contain includ offer play liv work mak tak get giv us hav hold perform participat attend
    register enroll enrol join buy purchas order sell plac bring teach learn study occur happen exist
    appear show list com go mov serv cover provid receiv run keep involv associat relat correspond
    use affiliat connect link consist compris belong becam becom involv consider
    assign arrang produc creat publish releas writ direct operat manag lead head locat situat found star featur
    speak spoken talk visit spend rais stay driv fly depart arriv land leav air broadcast hir employ
    host stor support need requir carry carri contribut submit post record report mention find
    stand rank sing danc sign plac affect cook design build construct open earn mak pay charg rent borrow return lend supply suppli ship deliver send
    issu bill invoic reserv book handl treat prescrib bas call name nam known know titl`),
);

/** Participles that do not end like one. */
export const PARTICIPLES: ReadonlySet<string> = new Set(
  words(`born sold paid made held led taught won sent spent built bought lent kept`),
);

const NEGATIONS: ReadonlySet<string> = new Set(words(`not no never without neither nor non none except excluding`));

/** Words that tell us what to do at the beginning, and are nouns elsewhere: "the most common return reason". */
export const COMMANDS: ReadonlySet<string> = new Set(words(`return display`));

/** Words that are never looked for among names and never begin or end a value. */
export const FUNCTION_WORDS: ReadonlySet<string> = new Set([
  ...AUXILIARIES,
  ...DETERMINERS,
  ...PRONOUNS,
  ...PREPOSITIONS,
  ...NEGATIONS,
  ...words(`and or but than more most less least many much how each per if only both either other
    show list find give get tell return display please what which who between above below over after before since until`),
]);
