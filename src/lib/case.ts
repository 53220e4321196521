/** Converts to PascalCase: `battle-group` → `BattleGroup`, `a.csv` → `ACsv`, `endDate` → `EndDate`. */
export const pascalCase = (words: string): string =>
  words.replace(/(?:^|[^A-Za-z0-9])(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Converts to snake case: `place.countryCode` → `place_country_code`, `battle-group` → `battle_group`. */
export const snakeCase = (path: string): string =>
  path.replaceAll(/[.-]/g, '_').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Capitalizes the first letter: `sanctions round` → `Sanctions round`. */
export const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Adds the indefinite article: `event` → `an event`. */
export const withArticle = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
