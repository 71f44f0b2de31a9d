// Types (`tsc --noEmit`) and rules (`eslint .`) by one program of the compiler: what the rules ask of types is checked
// already, and nothing is parsed twice.
import { readFileSync } from 'node:fs';
import { ESLint } from 'eslint';
import ts from 'typescript';
import { makeSchema } from './sdk.mjs';

await makeSchema();

const { config, error } = ts.readConfigFile('tsconfig.json', path => readFileSync(path, 'utf8'));
const { options, fileNames, errors } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
const program = ts.createProgram(fileNames, options);
const faults = [...(error ? [error] : []), ...errors, ...ts.getPreEmitDiagnostics(program)];
if (faults.length > 0)
  process.stdout.write(
    ts.formatDiagnostics(faults, {
      getCanonicalFileName: name => name,
      getCurrentDirectory: () => process.cwd(),
      getNewLine: () => '\n',
    }),
  );

const parserOptions = { programs: [program], project: null };
const eslint = new ESLint({
  overrideConfig: { files: ['**/*.ts', '**/*.mts'], languageOptions: { parserOptions } },
});
const results = await eslint.lintFiles(['.']);
process.stdout.write(await (await eslint.loadFormatter('stylish')).format(results));
process.exit(faults.length === 0 && results.every(one => one.errorCount === 0) ? 0 : 1);
