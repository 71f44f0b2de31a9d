import type { IncidentReport } from './incident-report.js';

/** One line of text that Markdown shows as it is (CommonMark 0.31, 2.4). */
function line(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_{}[\]<>#|!&~]/g, '\\$&');
}

/** Text of several lines as a quotation: it can neither end the section nor bring headings or HTML of its own. */
function quote(text: string): string {
  return text
    .trim()
    .split(/\r\n|[\n\r]/)
    .map(one => `> ${one.trim() === '' ? '' : line(one)}`.trimEnd())
    .join('\n');
}

const words = (text: string) => text.replaceAll('_', ' ');
const time = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;

function section(heading: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ['', `## ${heading}`, '', ...lines];
}

function facts(report: IncidentReport): string[] {
  const moments = [
    ['Detected', report.detected_at],
    ['Known to us', report.aware_at],
    ['Contained', report.contained_at],
    ['Resolved', report.resolved_at],
  ] as const;
  return [
    `- Type: ${words(report.incident_type)}`,
    `- Date: ${report.incident_date}`,
    `- Severity: ${report.severity}`,
    `- Status: ${report.status}`,
    `- Outcome: ${words(report.outcome)}`,
    `- Personal data: ${report.is_personal_data ? 'yes' : 'no'}`,
    ...moments.flatMap(([name, at]) => (at === null ? [] : [`- ${name}: ${time(at)}`])),
  ];
}

/** The report as CommonMark, ending in a line feed; times are UTC. */
export function reportMarkdown(report: IncidentReport): string {
  const quoted = (text: string | null) => (text === null || text.trim() === '' ? [] : [quote(text)]);
  const lines = [
    `# ${line(report.title)}`,
    '',
    ...facts(report),
    ...section('What happened', quoted(report.description)),
    ...section('Root cause', quoted(report.root_cause)),
    ...section('What was done', quoted(report.remediation_steps)),
    ...section(
      'Timeline',
      report.timeline.map(one => `- ${time(one.at)}: ${line(one.text)}`),
    ),
    ...section(
      'Notifications',
      report.deadlines.map(one => {
        const done =
          one.notified_at === null ? `due ${time(one.due_at)}` : `notified ${time(one.notified_at)}`;
        return `- ${line(one.label)}: ${done}${one.reference === null ? '' : ` (${line(one.reference)})`}`;
      }),
    ),
    ...section(
      'Affected credentials',
      report.credentials.map(
        one =>
          `- ${line(one.service_name)}: ${one.rotated_at === null ? 'not yet rotated' : `rotated ${time(one.rotated_at)}`}`,
      ),
    ),
  ];
  return `${lines.join('\n')}\n`;
}
