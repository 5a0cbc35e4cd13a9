// Where the panels of a dashboard stand: in order, in rows of four columns. Pure.
export const COLUMNS = 4;

/** The row and the first column of each panel. */
export function places(panels) {
  let [row, column] = [0, 0];
  return panels.map(({ width }) => {
    if (column + width > COLUMNS) [row, column] = [row + 1, 0];
    const place = { row, column };
    column += width;
    return place;
  });
}

/** {panels, index} after the panel went one step "left", "right", "up" or "down". */
export function moved(panels, index, way) {
  const to = target(panels, index, way);
  if (to === index) return { panels, index };
  const left = panels.toSpliced(index, 1);
  return { panels: left.toSpliced(to, 0, panels[index]), index: to };
}

function target(panels, index, way) {
  const last = panels.length - 1;
  if (way === "left") return Math.max(index - 1, 0);
  if (way === "right") return Math.min(index + 1, last);
  const all = places(panels);
  const { row, column } = all[index];
  const wanted = way === "up" ? row - 1 : row + 1;
  const there = all.map((place, at) => ({ ...place, at })).filter((place) => place.row === wanted);
  if (!there.length) return way === "up" ? 0 : last;
  // The one that stands over or under the panel's first column.
  return there.findLast((place) => place.column <= column)?.at ?? there[0].at;
}

export function resized(panels, index, change) {
  const width = Math.min(Math.max(panels[index].width + change, 1), COLUMNS);
  return panels.with(index, { ...panels[index], width });
}
