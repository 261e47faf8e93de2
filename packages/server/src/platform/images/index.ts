export { boundedQueue } from './bounded-queue.ts';
export { copyPicture, dropPicture, keepPicture } from './kept.ts';
export { pictureOf } from './paths.ts';
export { checkPicture, type PictureSize } from './pictures.ts';
export { BadImage, IMAGE_SECONDS, imageQueue, inspectImage } from './read.ts';
