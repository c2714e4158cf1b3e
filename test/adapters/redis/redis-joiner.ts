import { joinPrivateRedis } from '../../../src/adapters/redis/private-redis.ts';

// A process of its own: joins the home it is given, says where, and leaves when its standard input ends.
const [home = '', binary = ''] = process.argv.slice(2);
const redis = await joinPrivateRedis({ home, binary });
console.log(redis.url);
process.stdin.resume().once('end', () => void redis.leave());
