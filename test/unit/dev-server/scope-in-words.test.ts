import { expect, it } from '@jest/globals';
import { scopeInWords } from '../../../lib/dev-server/scope-in-words.js';

it.each([
  ['create:todos', 'Create todos'],
  ['notes.read', 'Notes read'],
  ['Todos.ReadWrite', 'Todos readwrite'],
  ['openid', 'Know who you are'],
  ['offline_access', 'Stay connected while you are away'],
  ['constructor', 'Constructor'],
  ['***', ''],
])('says %s in words', (scope, words) => {
  expect(scopeInWords(scope)).toBe(words);
});
