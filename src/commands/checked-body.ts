import { ValidationError } from '../core/context/errors.js';
import { UsageError } from '../failure.js';

/** Checks what stood on the command line as the API would. @throws UsageError with every fault */
export async function checkedBody<T extends object>(
  type: new () => T,
  kind: 'create' | 'update',
  fields: Partial<Record<keyof T, unknown>>,
): Promise<Partial<T>> {
  const { bodiesOf } = await import('../core/resource/bodies/bodies.js');
  const { validateBody } = await import('../core/http/pipes/body.pipe.js');
  const { resourceOf } = await import('../core/resource/resource.js');
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  try {
    return (await validateBody(bodiesOf(resourceOf(type))[kind], given)) as Partial<T>;
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    throw new UsageError((error.details.errors ?? []).map(one => `${one.field}: ${one.message}`).join('\n'));
  }
}
