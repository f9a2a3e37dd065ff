/** A stretch of a text, in code points as AWS counts them. */
export interface Stretch {
  begin: number;
  end: number;
  label: string;
}

/** A text with stretches of it marked and labelled; of those that overlap the first is. */
export function Marked({ text, stretches, label }: { text: string; stretches: Stretch[]; label: string }) {
  const points = [...text];
  const labels = [...new Set(stretches.map((stretch) => stretch.label))];
  const parts = [];
  let at = 0;
  for (const stretch of [...stretches].sort((a, b) => a.begin - b.begin)) {
    if (stretch.begin < at) {
      continue;
    }
    parts.push(points.slice(at, stretch.begin).join(""));
    parts.push(
      <mark key={stretch.begin} className={`mark mark-${labels.indexOf(stretch.label) % 6}`}>
        {points.slice(stretch.begin, stretch.end).join("")} <small>{stretch.label}</small>
      </mark>,
    );
    at = stretch.end;
  }
  parts.push(points.slice(at).join(""));
  return (
    <div className="said" role="region" aria-label={label}>
      {parts}
    </div>
  );
}
