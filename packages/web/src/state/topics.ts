import { ROOM_TOPICS_MAX, TOPIC_MAX } from '@sotto/protocol/limits';
import { words } from '../words/index.ts';

/** Topics as they are typed, with commas between (also those of Arabic and East Asian scripts), or what is wrong with them (RO-1). */
export function readTopics(text: string): { topics: string[] } | { problem: string } {
  const topics = [
    ...new Set(
      text
        .split(/[,،、，]/u)
        .map(topic => topic.trim())
        .filter(Boolean),
    ),
  ];
  if (topics.length > ROOM_TOPICS_MAX) return { problem: words.openRoom.topicsTooMany(ROOM_TOPICS_MAX) };
  const long = topics.find(topic => topic.length > TOPIC_MAX);
  return long === undefined ? { topics } : { problem: words.openRoom.topicTooLong(long, TOPIC_MAX) };
}
