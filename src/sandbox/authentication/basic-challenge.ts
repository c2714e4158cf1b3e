import { basicChallengeFor } from '../../web/basic-credentials.ts';

export const basicChallenge = basicChallengeFor('Leads Contract API');
