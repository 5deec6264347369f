import type { Check } from '../context.js';

const HAN = /\p{Script=Han}/u;

/** Texts that are not there in both languages, or are there in the other one only: a copy is no translation. */
export const checkTexts: Check = ({ material, tell }) => {
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) {
      if ('zh-CN' in value || 'en' in value) checkText(value, tell);
      else Object.values(value).forEach(visit);
    }
  };
  visit([material.requirementSets, material.claimTexts, material.proofs, material.notices, material.texts]);
  if (material.claimTexts.length === 0) return;
  for (const claimType of new Map(material.claimTypes.map((one) => [one.name, one])).values()) {
    const texts = material.claimTexts.find(({ name }) => name === claimType.name);
    if (!texts) {
      tell('text-missing', claimType, 'name', `${claimType.name} 没有名称和说明`, `${claimType.name} has no title and no description`);
      continue;
    }
    const named = texts.parameters ?? {};
    const missing = Object.keys((claimType.parametersSchema.properties ?? {}) as object).filter((name) => !(name in named));
    if (missing.length === 0) continue;
    const names = missing.join(', ');
    tell('text-missing', texts, 'parameters', `${claimType.name} 的参数 ${names} 没有名称`, `${claimType.name}: ${names} has no name`);
  }
};

function checkText(text: { readonly 'zh-CN'?: unknown; readonly en?: unknown }, tell: Parameters<Check>[0]['tell']): void {
  const [zh, en] = [String(text['zh-CN'] ?? '').trim(), String(text.en ?? '').trim()];
  const said = zh || en;
  if (zh === '' || (!HAN.test(zh) && /[A-Za-z]{3}/.test(zh))) {
    tell('text-missing', text, 'zh-CN', `缺少中文：“${said}”`, `the Chinese text is missing: "${said}"`);
  }
  if (en === '' || HAN.test(en)) tell('text-missing', text, 'en', `缺少英文：“${said}”`, `the English text is missing: "${said}"`);
}
