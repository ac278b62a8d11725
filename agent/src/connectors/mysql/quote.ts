export const quoteName = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** For statements of ours, under the sql_mode that they have: a backslash escapes. */
export const quoteText = (text: string): string => `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
