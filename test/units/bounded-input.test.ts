import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  InputFault, readBounded, readBoundedText, readBoundedValue,
} from '../../src/formats/bounded-input.js'; // prettier-ignore

const folder = mkdtempSync(join(tmpdir(), 'input-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const faultOf = (place: string, most?: number) =>
  readBounded(place, 'The file that --file names', most).then(
    () => 'read',
    (error: unknown) => (error instanceof InputFault ? error.message : error),
  );

test('what has no end, is no file or is too large is refused in words, before it is read', async () => {
  expect(await faultOf('/dev/zero')).toBe('The file that --file names is a device, not a file.');
  expect(await faultOf(folder)).toBe('The file that --file names is a folder.');
  expect(await faultOf(join(folder, 'none'))).toBe('The file that --file names cannot be read (ENOENT).');
  const large = file('large', '');
  truncateSync(large, (1 << 20) + 1);
  expect(await faultOf(large)).toBe('The file that --file names has more than 1 MiB.');
  expect(await faultOf(large, 64 << 10)).toBe('The file that --file names has more than 64 KiB.');
});

test('a pipe may be named, but has its end here', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const write = (bytes: number) => execFile('sh', ['-c', `head -c ${bytes} /dev/zero > '${pipe}'`]);
  write(1000);
  expect((await readBounded(pipe, 'It', 1 << 10)).length).toBe(1000);
  write(1 << 20);
  expect(await faultOf(pipe, 1 << 10)).toBe('The file that --file names has more than 1 KiB.');
});

test('text is UTF-8, a value is without the one line end behind it', async () => {
  expect(await readBoundedText(file('text', '\ufeffü\n\n'), 'It')).toBe('\ufeffü\n\n');
  expect(await readBoundedValue(file('value', 'ü\n\r\n'), 'It')).toBe('ü\n');
  await expect(readBoundedText(file('latin', Buffer.from([0xfc])), 'It')).rejects.toThrow(
    'It is not UTF-8 text.',
  );
});
