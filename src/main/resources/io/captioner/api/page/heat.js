/** Attention as colours over the photo, and in words. */

/** Every 17th of the 256 colours of viridis (van der Walt and Smith, CC0). */
const VIRIDIS = ['440154', '481a6c', '472f7d', '414487', '39568c', '31688e', '2a788e', '23888e', '1f988b', '22a884',
	'35b779', '54c568', '7ad151', 'a5db36', 'd2e21b', 'fde725']
		.map(hex => [0, 2, 4].map(i => parseInt(hex.slice(i, i + 2), 16)));

/** Pixels that a cell of the grid is painted with in each direction. */
const CELL = 24;

/** Standard deviation of the Gaussian that smooths the grid, in cells. */
const SIGMA = 0.6;

/** A colour of viridis as [red, green, blue], for a share of 0 to 1. */
export function colour(share) {
	const at = Math.max(0, Math.min(1, share)) * (VIRIDIS.length - 1);
	const low = Math.min(Math.floor(at), VIRIDIS.length - 2);
	return VIRIDIS[low].map((value, i) => Math.round(value + (at - low) * (VIRIDIS[low + 1][i] - value)));
}

/** For each of the pixels of one direction, the weights of the cells; they sum to 1. */
function kernel(cells) {
	return Array.from({ length: cells * CELL }, (_, pixel) => {
		const at = (pixel + 0.5) / CELL - 0.5;
		const weights = Array.from({ length: cells }, (_, cell) => Math.exp(-((cell - at) ** 2) / (2 * SIGMA ** 2)));
		const sum = weights.reduce((a, b) => a + b);
		return weights.map(weight => weight / sum);
	});
}

const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

/** Paints a grid of weights, smoothed, so that the largest has the brightest colour. */
export function paint(canvas, { rows, columns, weights }) {
	canvas.width = columns * CELL;
	canvas.height = rows * CELL;
	const across = kernel(columns);
	const lines = weights.map(row => across.map(k => dot(k, row)));
	const smooth = kernel(rows).map(k => across.map((_, x) => k.reduce((sum, w, row) => sum + w * lines[row][x], 0)));
	const most = Math.max(...smooth.map(line => Math.max(...line))) || 1;
	const context = canvas.getContext('2d');
	const image = context.createImageData(canvas.width, canvas.height);
	smooth.flat().forEach((value, i) => {
		const share = value / most;
		image.data.set([...colour(share), Math.round(255 * (0.4 + 0.3 * share))], 4 * i);
	});
	context.putImageData(image, 0, 0);
}

/** Where the attention of a word is, in words. */
export function place(attention, width, height) {
	if (attention.entropy > 0.93) {
		return 'over the whole photo';
	}
	const third = (value, size, names) => names[Math.min(2, Math.floor(3 * value / size))];
	const down = third(attention.peak.y, height, ['upper', 'middle', 'lower']);
	const along = third(attention.peak.x, width, ['left', 'centre', 'right']);
	const where = down === 'middle' && along === 'centre' ? 'centre' : `${down} ${along}`;
	return `${attention.entropy > 0.7 ? 'mostly ' : ''}at the ${where}`;
}
