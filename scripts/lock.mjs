/** Lock entries for the optional packages that others name and the lock does not have, by their place. */
export function missingOptionals({ packages }) {
  const missing = {};
  for (const [path, { optionalDependencies = {}, dev }] of Object.entries(packages))
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (places(path, name).some(place => packages[place] !== undefined)) continue;
      if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
        throw new Error(`${path} asks for ${name} ${version}, which is no version`);
      missing[`node_modules/${name}`] = {
        version,
        ...platformOf(name),
        ...(dev ? { dev } : {}),
        optional: true,
      };
    }
  return missing;
}

/** Where Node would find it from a package's folder. */
function places(path, name) {
  const parts = path === '' ? [] : path.split('/node_modules/');
  const nested = parts.map(
    (_, index) => `${parts.slice(0, index + 1).join('/node_modules/')}/node_modules/${name}`,
  );
  return [...nested, `node_modules/${name}`];
}

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'linuxmusl',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const processors = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];

/** Such packages are named after the platform that they are for. */
function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = words.find(word => systems.includes(word));
  const cpu =
    words.find(word => processors.includes(word)) ?? (words.includes('ppc64le') ? 'ppc64' : undefined);
  if (cpu === undefined) throw new Error(`${name} does not say for which processor it is`);
  const musl = os === 'linuxmusl' || words.some(word => word.startsWith('musl'));
  const libc = os?.startsWith('linux') ? { libc: [musl ? 'musl' : 'glibc'] } : {};
  return { cpu: [cpu], ...libc, ...(os === undefined ? {} : { os: [os === 'linuxmusl' ? 'linux' : os] }) };
}
