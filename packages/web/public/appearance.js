// Runs before the first paint, so that a theme chosen by hand never flashes the other one.
try {
  const theme = localStorage.getItem('sotto.appearance');
  if (theme === 'paper' || theme === 'evening') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be closed to us; then the system decides.
}
