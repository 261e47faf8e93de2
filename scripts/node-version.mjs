// In words that even an old Node understands, and so imported before all others, which it may not.
const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(`Sotto needs Node 20 or later, and this is ${process.versions.node}.`);
  process.exit(1);
}
