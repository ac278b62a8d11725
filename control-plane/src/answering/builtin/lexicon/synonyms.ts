/**
 * A small general thesaurus: words that people use for one another when they speak of what
 * databases hold. A line is a group; a word may stand in several. Meaning only, no schema's own names.
 */
const GROUPS = `
abbreviation | short name | acronym
actor | performer | actress
age | old
album | record | disc
amount | sum | value
animal | pet | creature
area | size | territory
author | writer
average | mean
birth | born
brand | make | manufacturer
budget | funds
capacity | seat | space | fit
car | vehicle | automobile
category | type | kind | class | genre
citizenship | nationality | nation | country
city | town | municipality
client | customer | buyer | shopper
code | identifier
color | colour
company | firm | business | enterprise | corporation
concert | show | gig
content | subject
contract | agreement
cost | price | expense | fee | charge
country | nation | nationality
county | state | province
course | class | subject
degree | qualification
department | division
destination | arrival
district | borough
doctor | physician
duration | length | long | run time
earnings | income | salary | wage | pay
email | mail | email address | e-mail
employee | staff | worker | personnel | colleague
enrolment | registration | enroll | register
episode | installment
experience | seniority
faculty | teacher | professor
film | movie
gender | sex
government | administration
grade | mark | score
group | team
head | leader | ruler
hd | high definition
hometown | home town | birthplace
id | identifier | ids
identifier | number | code
income | revenue | earnings
independence | independent | founded | found
item | product | article
job | position | occupation | profession | role
kind | type | sort
language | tongue
leader | head | chief
level | grade | tier
location | place | site | position
manager | boss | supervisor | head
member | participant
membership | subscription
merchandise | product | goods
name | title | called
number | count | quantity
occupation | job | profession
office | bureau
opening | open | founded
order | purchase
owner | proprietor | holder
option | choice
party | political party
percent | percentage | share | proportion
period | time | duration
person | people | individual | human
phone | telephone | mobile | phone number | telephone number
physician | doctor
picture | image | photo
pilot | aviator
place | location | spot
population | people | inhabitant | resident | citizen
position | rank | place
postcode | zip | zip code | postal code
price | cost | rate
product | item | article | good
property | estate | house
rank | position | ranking
rating | score | stars
region | area | zone
release | publish | issue | air
rental | hire | lease
revenue | sales | turnover | income
room | chamber
salary | pay | wage | earnings | income
sale | sales | sold
school | college | university
score | point | grade
semester | term
sender | origin
shop | store
singer | vocalist | musician | artist
song | track | tune
source | origin | departure
speed | velocity
spend | spent | expense | expenditure
stadium | arena | venue
staff | employee | worker | personnel
student | pupil | learner
summary | synopsis
supplier | vendor | provider
surname | last name | family name
forename | first name | given name
talk | speak
teacher | instructor | tutor | educator
theme | topic
ticket | pass | admission
title | name | headline
transcript | record
type | kind | sort | category
university | college
user | account
vendor | supplier | seller
viewer | audience
visit | trip
visitor | guest | tourist
weight | heavy | weigh
height | tall
website | url | homepage
writer | author | write
worth | wealth | rich
year | yr
`;

export type SynonymTable = ReadonlyMap<string, readonly string[]>;

/** Word or phrase → its group mates. Built by whoever needs it; keys are stemmed by `normalize`. */
export function buildSynonyms(normalize: (phrase: string) => string): SynonymTable {
  const table = new Map<string, string[]>();
  for (const line of GROUPS.trim().split('\n')) {
    const group = line.split('|').map((phrase) => normalize(phrase.trim()));
    for (const phrase of group) {
      const mates = table.get(phrase) ?? [];
      for (const mate of group) if (mate !== phrase && !mates.includes(mate)) mates.push(mate);
      table.set(phrase, mates);
    }
  }
  return table;
}
