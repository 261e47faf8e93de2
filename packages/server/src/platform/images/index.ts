export { boundedQueue } from './bounded-queue.ts';
export { dropPicture, keepPicture } from './kept.ts';
export { checkPicture, PICTURE_SIZES, type PictureSize } from './pictures.ts';
export { BadImage, IMAGE_SECONDS, type ImageFacts, imageQueue, inspectImage } from './read.ts';
