type Packages = Record<string, { optionalDependencies?: Record<string, string>; dev?: boolean }>;

export function missingOptionals(lock: { packages: Packages }): Record<string, object>;
