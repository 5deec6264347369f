/** Whether an `accept` header lets JSON be served. Problems are always sent, whatever it says. */
export function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '') return true;
  return accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const refused = parameters.some((parameter) => /^q=0(?:\.0{0,3})?$/.test(parameter));
    return !refused && ['application/json', 'application/problem+json', 'application/*', '*/*'].includes(type);
  });
}
