const JSON_TYPES = ['application/json', 'application/problem+json'];

/** Whether an `accept` header lets a media type be served; JSON unless said. Problems are always sent, whatever it says. */
export function accepts(accept: string | undefined, produced?: string): boolean {
  const served = produced === undefined ? JSON_TYPES : [produced];
  const ranges = [...served, ...served.map((type) => type.replace(/\/.*/, '/*')), '*/*'];

  if (accept === undefined || accept.trim() === '') return true;
  return accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const refused = parameters.some((parameter) => /^q=0(?:\.0{0,3})?$/.test(parameter));
    return !refused && ranges.includes(type);
  });
}
