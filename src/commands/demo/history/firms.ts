/** A client of the demo, from which its estate and its years of work follow. */
export interface Firm {
  /** Short, for hostnames. */
  code: string;
  name: string;
  domain: string;
  timezone: string;
  currency: string;
  rate: string;
  seats: number;
  /** What it works with beside the usual. */
  software: string;
  contact: string;
  town: string;
}

const firm = (
  code: string,
  name: string,
  town: string,
  [timezone, currency, rate]: readonly [string, string, string],
  seats: number,
  software: string,
  contact: string,
): Firm => ({
  code,
  name,
  domain: `${name.toLowerCase().replace(/[^a-z]+/g, '')}.example`,
  timezone,
  currency,
  rate,
  seats,
  software,
  contact,
  town,
});

const EAST = ['America/New_York', 'USD', '135.00'] as const;
const CENTRAL = ['America/Chicago', 'USD', '120.00'] as const;
const WEST = ['America/Los_Angeles', 'USD', '145.00'] as const;
const BRITISH = ['Europe/London', 'GBP', '95.00'] as const;
const EURO = ['Europe/Berlin', 'EUR', '110.00'] as const;

/** Twenty-five of the thirty; the other five are written out by hand. */
export const FIRMS: readonly Firm[] = [
  firm('blu', 'Bluewater Accounting', 'Salem', EAST, 24, 'Tax preparation', 'Priya Nair'),
  firm('cas', 'Castellan Insurance', 'Albany', EAST, 61, 'Policy management', 'Owen Brandt'),
  firm('dov', 'Dovetail Joinery', 'Leeds', BRITISH, 18, 'CNC controller', 'Hannah Pike'),
  firm('elm', 'Elmgrove School', 'York', BRITISH, 140, 'Pupil records', 'Martin Ashby'),
  firm('fal', 'Falkirk Logistics', 'Glasgow', BRITISH, 85, 'Dispatch board', 'Isla Munro'),
  firm('gra', 'Granite State Realty', 'Concord', EAST, 32, 'Listings', 'Dana Whitlock'),
  firm('hei', 'Heidetal Klinik', 'Soltau', EURO, 210, 'Patient records', 'Jonas Petersen'),
  firm(
    'iro',
    'Ironwood Architects',
    'Boulder',
    ['America/Denver', 'USD', '140.00'],
    27,
    'Drawing vault',
    'Leah Soto',
  ),
  firm('jun', 'Juniper Outdoors', 'Bend', WEST, 45, 'Web shop', 'Caleb Frost'),
  firm('kes', 'Kestrel Aviation Parts', 'Wichita', CENTRAL, 73, 'Parts catalogue', 'Rosa Delgado'),
  firm('lar', 'Larkspur Nursing Home', 'Madison', CENTRAL, 56, 'Care plans', 'Beth Jansen'),
  firm('mar', 'Marlow & Finch Solicitors', 'Bristol', BRITISH, 39, 'Case files', 'Alec Finch'),
  firm('nor', 'Nordwind Energie', 'Kiel', EURO, 95, 'Turbine monitoring', 'Svenja Brandt'),
  firm('oak', 'Oakline Credit Union', 'Des Moines', CENTRAL, 68, 'Core banking terminal', 'Victor Hale'),
  firm('pin', 'Pinecrest Veterinary', 'Tacoma', WEST, 21, 'Animal records', 'Grace Kim'),
  firm('qui', 'Quillfeather Press', 'Portland', WEST, 29, 'Layout server', 'Noor Haddad'),
  firm('riv', 'Riverstone Brewing', 'Milwaukee', CENTRAL, 34, 'Tank monitoring', 'Pete Kowalski'),
  firm('sag', 'Sagebrush Hotels', 'Reno', WEST, 120, 'Property management', 'Elena Cruz'),
  firm('tan', 'Tannenberg Maschinenbau', 'Ulm', EURO, 130, 'Production planning', 'Karl Weiss'),
  firm('umb', 'Umber Ceramics', 'Stoke', BRITISH, 16, 'Kiln controller', 'Tess Hollis'),
  firm('val', 'Valley Water District', 'Fresno', WEST, 52, 'Pump telemetry', 'Ray Ortega'),
  firm('wil', 'Willowbank Charity', 'Cardiff', BRITISH, 23, 'Donor register', 'Megan Rees'),
  firm(
    'xan',
    'Xanthe Cosmetics',
    'Lyon',
    ['Europe/Paris', 'EUR', '105.00'],
    48,
    'Recipe archive',
    'Camille Roux',
  ),
  firm('yar', 'Yarrow Freight', 'Memphis', CENTRAL, 77, 'Load planning', 'Andre Lewis'),
  firm('zep', 'Zephyr Dental Labs', 'Tampa', EAST, 31, 'Milling server', 'Nina Alvarez'),
];
