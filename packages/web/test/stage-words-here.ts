// The stage's Chinese, which a page fetches when it is wanted, is there for every test.

import { bringStageWords } from '../src/stage/words.ts';
import { zh } from '../src/stage/words-zh.ts';

bringStageWords(zh);
