/** A drawn picture for those who have no photo at hand. */
import { el } from './dom.js';

const SIZE = 480;

/** Numbers between 0 and 1 that are the same each time. */
function numbers(seed) {
	return () => {
		seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
		return seed / 2 ** 32;
	};
}

const path = points => new Path2D(`M${points.join('L')}`);

function fill(c, colour, ...points) {
	c.fillStyle = colour;
	c.fill(path(points));
}

function blob(c, colour, x, y, width, height, turn = 0) {
	c.fillStyle = colour;
	c.beginPath();
	c.ellipse(x, y, width, height, turn, 0, 7);
	c.fill();
}

function limb(c, colour, width, ...points) {
	c.strokeStyle = colour;
	c.lineWidth = width;
	c.lineCap = c.lineJoin = 'round';
	c.stroke(path(points));
}

function meadow(c) {
	const random = numbers(1);
	fill(c, '#a9c9e6', [0, 0], [SIZE, 0], [SIZE, 120], [0, 120]);
	for (let i = 0; i < 70; i++) {
		blob(c, `hsl(${110 + 20 * random()} 30% ${14 + 14 * random()}%)`, SIZE * random(), 50 + 50 * random(), 26, 22);
	}
	fill(c, '#4c8a3a', [0, 92], [SIZE, 92], [SIZE, SIZE], [0, SIZE]);
	for (let i = 0; i < 9000; i++) {
		const y = 92 + (SIZE - 92) * random();
		const x = SIZE * random();
		const h = 3 + 14 * (y / SIZE);
		limb(c, `hsl(${95 + 25 * random()} 45% ${22 + 22 * random()}%)`, 1.2, [x, y], [x + 6 * random() - 3, y - h]);
	}
}

function dog(c) {
	const [fur, dark] = ['#2a2320', '#171210'];
	limb(c, dark, 15, [190, 300], [150, 352], [136, 362]);
	limb(c, dark, 15, [315, 300], [340, 345], [352, 364]);
	limb(c, fur, 17, [175, 290], [125, 328], [104, 340]);
	limb(c, fur, 17, [325, 285], [368, 330], [388, 352]);
	limb(c, fur, 11, [330, 262], [372, 236], [402, 226]);
	blob(c, fur, 250, 278, 92, 32, -0.05);
	limb(c, fur, 36, [182, 264], [152, 228]);
	blob(c, fur, 140, 222, 31, 24, 0.2);
	blob(c, fur, 112, 232, 20, 11, 0.15);
	blob(c, dark, 158, 234, 12, 25, 0.25);
	blob(c, '#0c0806', 95, 229, 7, 6);
	blob(c, '#c98f4a', 130, 214, 4, 4);
	limb(c, '#b22a2a', 7, [168, 222], [180, 246], [172, 264]);
}

/** Draws the picture, as a file. */
export function drawSample() {
	const canvas = el('canvas', { width: SIZE, height: SIZE });
	const context = canvas.getContext('2d');
	meadow(context);
	dog(context);
	return new Promise(resolve => canvas.toBlob(blob => resolve(new File([blob], 'drawn-dog.jpg')), 'image/jpeg', 0.92));
}
