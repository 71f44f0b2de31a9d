/** Prompts that have nothing to do with what is stored: what people type beside their work at clients. */
const PLAIN = [
  'thanks, looks good', 'ok', 'yes please', 'no, the other one', 'go ahead', 'continue', 'perfect, thank you very much', 'hello', 'good morning',
  'try again', 'undo that', 'can you explain that in simpler words?', 'make it shorter', 'that is not what I meant', 'looks right to me, go on',
  'please fix the tests', 'run the linter again', 'commit this', 'what does this error mean?', 'why is that?', 'rename the variable to total',
  'add a comment above the function', 'write a haiku about autumn', 'tell me a joke', 'what is the capital of Mongolia?', 'how do I boil an egg?',
  'translate good night into Portuguese', 'who painted the Mona Lisa?', 'recommend a novel for a long flight', 'what rhymes with orange?',
  'sort this array of numbers in descending order', 'convert this callback to async await', 'write a regular expression that matches an ISBN',
  'how do I centre a div?', 'what is the difference between let and const?', 'explain recursion to a child', 'refactor this class into smaller functions',
  'write unit tests for the parser', 'add types to this function', 'why does my promise never resolve?', 'generate a random colour palette',
  'how many litres are in a gallon?', 'what is the plot of Hamlet?', 'plan a weekend in Lisbon', 'suggest a name for my cat',
  'write a limerick about a clumsy robot', 'summarise the French Revolution in three sentences', 'who won the football match last night?',
  'solve x squared minus five x plus six equals zero', 'what is the boiling point of ethanol?', 'give me a recipe for lentil soup',
  'draft a birthday greeting for my aunt', 'how does photosynthesis work?', 'what year did the Titanic sink?', 'play chess with me, e4',
  'implement a binary search in Rust', 'write a Dockerfile for a Flask project', 'explain how CSS grid works', 'what is a monad?',
  'how do I reverse a linked list?', 'give me ten synonyms of happy', 'is a tomato a fruit?', 'how tall is Mount Everest?',
  'write a bubble sort in Python', 'proofread this paragraph', 'make the tone friendlier', 'what time is it in Tokyo?', 'count from one to ten in Latin',
  'how do I memoize a selector in Redux?', 'why is my React component rendering twice?', 'write a SQL query that finds duplicate emails',
]; // prettier-ignore
const MADE = [
  ['write a {form} about {thing}', 'form', 'thing'], ['explain {idea} in two sentences', 'idea'], ['implement {algorithm} in {language}', 'algorithm', 'language'],
  ['how do I {chore} in {language}?', 'chore', 'language'], ['give me three facts about {thing}', 'thing'], ['what is the best way to learn {idea}?', 'idea'],
  ['review this {language} function and tell me whether it is idiomatic', 'language'], ['what should I cook with {food} and {food2}?', 'food', 'food2'],
]; // prettier-ignore
const WORDS = {
  form: ['poem', 'short story', 'song', 'limerick', 'speech'],
  thing: ['whales', 'the moon', 'medieval castles', 'bicycles', 'penguins', 'volcanoes', 'coffee', 'jazz'],
  idea: ['quantum entanglement', 'Bayes theorem', 'stoicism', 'functional programming', 'dependency injection', 'supply and demand'],
  algorithm: ['quicksort', 'Dijkstra', 'a trie', 'a ring buffer', 'matrix multiplication', 'a bloom filter'],
  language: ['TypeScript', 'Go', 'Haskell', 'Kotlin', 'C++', 'Elixir'],
  chore: ['parse JSON', 'read a file line by line', 'format a date', 'deduplicate a list', 'debounce a handler', 'catch an exception'],
  food: ['aubergine', 'chickpeas', 'leftover rice', 'salmon'],
  food2: ['lemon', 'spinach', 'coconut milk', 'feta'],
}; // prettier-ignore

/** So many of them, in an order of chance: those that are as they are, and those that are put together. */
export function unrelatedPrompts(count, random) {
  const made = MADE.flatMap(([text = '', ...slots]) =>
    Array.from({ length: 24 }, () =>
      slots.reduce((said, slot) => said.replace(`{${slot}}`, random.one(WORDS[slot])), text),
    ),
  );
  const all = [...new Set([...PLAIN, ...random.some([...new Set(made)], PLAIN.length * 2)])];
  return random.some(all, Math.min(count, all.length));
}
