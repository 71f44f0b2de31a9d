/** What the doctor looked at. */
export interface Check {
  name: string;
  ok: boolean;
  /** What is there, or what is wrong. */
  detail: string;
  /** How to mend it; absent when nothing is wrong. */
  mend?: string;
}

export const fine = (name: string, detail: string): Check => ({ name, ok: true, detail });
export const fault = (name: string, detail: string, mend: string): Check => ({
  name,
  ok: false,
  detail,
  mend,
});
