import type { Text } from '@vouch/rules';

/** Languages that rules are told in, the first unless said. */
export const LANGUAGES = ['zh-CN', 'en'] as const;

/** A language of texts. */
export type Language = (typeof LANGUAGES)[number];

/** A text in one language. */
export const textIn = (text: Text, language: Language): string => text[language];
