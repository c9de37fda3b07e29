// A short soft tone, made on the spot: nothing to load.

let context: AudioContext | undefined;

export function ring(): void {
  try {
    context ??= new AudioContext();
    const start = context.currentTime;
    const gain = context.createGain();
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(0.08, start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0005, start + 0.5);
    gain.connect(context.destination);
    for (const [frequency, delay] of [[660, 0], [880, 0.12]] as const) {
      const tone = context.createOscillator();
      tone.frequency.value = frequency;
      tone.connect(gain);
      tone.start(start + delay);
      tone.stop(start + 0.5);
    }
  } catch { /* a browser without sound still shows the count in its title */ }
}
