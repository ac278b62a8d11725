/** What people call what comes from a place, and how data may spell the place. Also people's sexes, which data abbreviates. */
const PAIRS = `
african: Africa
american: United States, USA, America, US
argentinian: Argentina
argentine: Argentina
asian: Asia
australian: Australia
austrian: Austria
belgian: Belgium
brazilian: Brazil
british: United Kingdom, UK, Britain, Great Britain
canadian: Canada
chilean: Chile
chinese: China
czech: Czech Republic, Czechia
danish: Denmark
dutch: Netherlands
egyptian: Egypt
english: England
european: Europe
finnish: Finland
french: France
german: Germany
greek: Greece
hungarian: Hungary
indian: India
irish: Ireland
israeli: Israel
italian: Italy
japanese: Japan
korean: Korea, South Korea
mexican: Mexico
norwegian: Norway
oceanian: Oceania
polish: Poland
portuguese: Portugal
romanian: Romania
russian: Russia, Russian Federation
scottish: Scotland
spanish: Spain
swedish: Sweden
swiss: Switzerland
turkish: Turkey
ukrainian: Ukraine
vietnamese: Vietnam
welsh: Wales
us: USA, United States
usa: USA, United States, US
uk: UK, United Kingdom
america: United States, USA
female: F, Female, Woman
females: F, Female
women: F, Female
woman: F, Female
male: M, Male, Man
males: M, Male
men: M, Male
man: M, Male
girls: F, Female
boys: M, Male
`;

export const DEMONYMS: ReadonlyMap<string, readonly string[]> = new Map(
  PAIRS.trim()
    .split('\n')
    .map((line) => {
      const [word = '', places = ''] = line.split(': ');
      return [word, places.split(', ')] as const;
    }),
);
