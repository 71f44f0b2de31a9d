import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';

/** By path: its wing; those of the program, which every application in a process has. */
export const AREAS = new Map<string, string>();

/** The wings. */
const wingNames = () => [...new Set(AREAS.values())].filter(name => name !== '');

const isArea = (name: unknown) =>
  typeof name === 'string' && name !== '' && (AREAS.has(name) || wingNames().includes(name));

/** The path of a resource, or a wing. */
export const IsArea = (options?: ValidationOptions) =>
  ValidateBy(
    {
      name: 'enum',
      validator: {
        validate: isArea,
        defaultMessage: buildMessage(
          each =>
            `${each}$property must be the path of a resource, such as sites, or a wing: ${wingNames().join(', ')}`,
          options,
        ),
      },
    },
    options,
  );
