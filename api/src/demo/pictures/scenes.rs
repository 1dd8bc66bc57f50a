//! The scenes themselves: a road at night, a road by day, bins, a manhole, a crossing.

use super::canvas::{Canvas, Colour, Grain, Spot, mix};

const ASPHALT: Colour = [0.33, 0.34, 0.36];
const PAINT: Colour = [0.86, 0.85, 0.80];
const PAVING: Colour = [0.66, 0.63, 0.58];

/// A village road at night with four lamp posts, of which the first `lit` ones from the front burn.
pub(super) fn night_road(chance: &mut Grain, lit: usize) -> Canvas {
    let rise = chance.between(-18.0, 18.0);
    let mut canvas = Canvas::shaded([0.03, 0.04, 0.10], [0.10, 0.11, 0.17]);
    for _ in 0..60 {
        let star = (chance.between(0.0, 1024.0), chance.between(0.0, 330.0));
        canvas.ellipse(star, (1.1, 1.1), [0.62, 0.64, 0.72]);
    }
    canvas.ellipse((830.0, 110.0 + rise), (34.0, 34.0), [0.88, 0.87, 0.78]);
    canvas.ellipse((818.0, 104.0 + rise), (31.0, 31.0), [0.045, 0.055, 0.115]);
    let horizon = 410.0 + rise;
    hills(&mut canvas, chance, horizon, [0.05, 0.06, 0.10]);
    canvas.polygon(
        &[(0.0, horizon), (1024.0, horizon), (1024.0, 768.0), (0.0, 768.0)],
        [0.05, 0.07, 0.06],
    );
    for place in 0..4_u8 {
        let left = 560.0 + f32::from(place) * 118.0;
        house(&mut canvas, left, horizon + 6.0, 96.0, [0.08, 0.085, 0.12], place == 2);
    }
    let road = [(470.0, horizon), (540.0, horizon), (900.0, 768.0), (90.0, 768.0)];
    canvas.polygon(&road, [0.11, 0.115, 0.13]);
    dashes(&mut canvas, horizon, [0.27, 0.27, 0.27]);
    for place in (0..4_u8).rev() {
        let share = 1.0 - f32::from(place) * 0.27;
        let foot = (476.0 - 300.0 * share, horizon + 300.0 * share * share);
        lamp(&mut canvas, foot, share, usize::from(place) < lit);
    }
    canvas
}

/// A lamp on a solar post, seen from the road.
fn lamp(canvas: &mut Canvas, foot: Spot, share: f32, lit: bool) {
    let top = (foot.0, foot.1 - 400.0 * share);
    let head = (top.0 + 92.0 * share, top.1 - 10.0 * share);
    let metal = if lit { [0.42, 0.42, 0.40] } else { [0.20, 0.21, 0.24] };
    canvas.line(&[foot, top, head], 9.0 * share + 1.0, metal);
    let panel = [
        (top.0 - 44.0 * share, top.1 - 14.0 * share),
        (top.0 + 22.0 * share, top.1 - 44.0 * share),
        (top.0 + 34.0 * share, top.1 - 30.0 * share),
        (top.0 - 32.0 * share, top.1),
    ];
    canvas.polygon(&panel, [0.10, 0.14, 0.26]);
    canvas.ellipse((head.0, head.1 + 4.0 * share), (26.0 * share, 9.0 * share), metal);
    if lit {
        let pool = (head.0 + 70.0 * share, foot.1 + 18.0 * share);
        canvas.glow(pool, 330.0 * share, [0.34, 0.27, 0.13]);
        canvas.glow(head, 240.0 * share, [0.55, 0.45, 0.24]);
        canvas.ellipse(
            (head.0, head.1 + 8.0 * share),
            (20.0 * share, 6.0 * share),
            [1.0, 0.96, 0.80],
        );
    }
}

fn house(canvas: &mut Canvas, left: f32, foot: f32, width: f32, wall: Colour, window: bool) {
    let top = foot - width * 0.62;
    canvas.polygon(
        &[(left, foot), (left, top), (left + width, top), (left + width, foot)],
        wall,
    );
    let roof = [
        (left - 8.0, top),
        (left + width / 2.0, top - width * 0.34),
        (left + width + 8.0, top),
    ];
    canvas.polygon(&roof, mix(wall, [0.0, 0.0, 0.0], 0.35));
    let pane = if window {
        [0.80, 0.62, 0.30]
    } else {
        mix(wall, [1.0, 1.0, 1.0], 0.06)
    };
    let (x, y) = (left + width * 0.34, foot - width * 0.42);
    canvas.polygon(&[(x, y), (x + 26.0, y), (x + 26.0, y + 24.0), (x, y + 24.0)], pane);
}

fn hills(canvas: &mut Canvas, chance: &mut Grain, horizon: f32, colour: Colour) {
    for _ in 0..5 {
        let centre = (chance.between(-60.0, 1080.0), horizon + 20.0);
        let size = (chance.between(200.0, 330.0), chance.between(50.0, 96.0));
        canvas.ellipse(centre, size, mix(colour, [0.5, 0.5, 0.5], chance.between(0.0, 0.05)));
    }
}

/// The broken line in the middle of a road that comes towards the viewer.
fn dashes(canvas: &mut Canvas, horizon: f32, colour: Colour) {
    for place in 0..7_u8 {
        let (near, far) = (f32::from(place) / 7.0, f32::from(place) / 7.0 + 0.07);
        let at = |share: f32| horizon + (768.0 - horizon) * share * share;
        let middle = |share: f32| 505.0 - 10.0 * share * share;
        let half = |share: f32| 1.0 + 9.0 * share * share;
        let corners = [
            (middle(near) - half(near), at(near)),
            (middle(near) + half(near), at(near)),
            (middle(far) + half(far), at(far)),
            (middle(far) - half(far), at(far)),
        ];
        canvas.polygon(&corners, colour);
    }
}

/// A town road by day with a hole in the near lane, or the patch over it.
pub(super) fn day_road(chance: &mut Grain, mended: bool) -> Canvas {
    let mut canvas = Canvas::shaded([0.60, 0.75, 0.90], [0.90, 0.93, 0.94]);
    let horizon = 330.0 + chance.between(-14.0, 14.0);
    hills(&mut canvas, chance, horizon, [0.52, 0.62, 0.60]);
    canvas.polygon(
        &[(0.0, horizon), (1024.0, horizon), (1024.0, 768.0), (0.0, 768.0)],
        PAVING,
    );
    for place in 0..5_u8 {
        house(
            &mut canvas,
            20.0 + f32::from(place) * 88.0,
            horizon + 20.0,
            78.0,
            [0.80, 0.76, 0.70],
            false,
        );
    }
    for place in 0..4_u8 {
        let share = 0.3 + f32::from(place) * 0.22;
        tree(
            &mut canvas,
            (700.0 + 330.0 * share * share, horizon + 40.0 + 120.0 * share),
            share,
        );
    }
    let road = [(400.0, horizon), (620.0, horizon), (1010.0, 768.0), (-60.0, 768.0)];
    canvas.polygon(&road, ASPHALT);
    dashes(&mut canvas, horizon, PAINT);
    let centre = (330.0 + chance.between(-30.0, 30.0), 610.0 + chance.between(-16.0, 16.0));
    if mended {
        let patch = [
            (centre.0 - 150.0, centre.1 - 44.0),
            (centre.0 + 128.0, centre.1 - 52.0),
            (centre.0 + 158.0, centre.1 + 50.0),
            (centre.0 - 176.0, centre.1 + 58.0),
        ];
        canvas.polygon(&patch, [0.20, 0.20, 0.21]);
        canvas.line(
            &[patch[0], patch[1], patch[2], patch[3], patch[0]],
            3.0,
            [0.14, 0.14, 0.15],
        );
    } else {
        ragged(&mut canvas, chance, centre, (142.0, 52.0), [0.25, 0.24, 0.23]);
        ragged(
            &mut canvas,
            chance,
            (centre.0 + 6.0, centre.1 + 6.0),
            (112.0, 37.0),
            [0.45, 0.39, 0.31],
        );
        canvas.ellipse((centre.0 + 10.0, centre.1 + 12.0), (70.0, 17.0), [0.52, 0.60, 0.66]);
        for _ in 0..5 {
            let end = (
                centre.0 + chance.between(-260.0, 260.0),
                centre.1 + chance.between(-70.0, 90.0),
            );
            canvas.line(&[centre, end], 2.2, [0.24, 0.24, 0.25]);
        }
        ragged(
            &mut canvas,
            chance,
            (centre.0 + 6.0, centre.1 + 10.0),
            (96.0, 28.0),
            [0.40, 0.35, 0.28],
        );
        canvas.ellipse((centre.0 + 12.0, centre.1 + 14.0), (64.0, 15.0), [0.55, 0.63, 0.69]);
    }
    canvas
}

fn ragged(canvas: &mut Canvas, chance: &mut Grain, centre: Spot, size: Spot, colour: Colour) {
    let corners: Vec<Spot> = (0..18_u8)
        .map(|step| {
            let angle = f32::from(step) / 18.0 * std::f32::consts::TAU;
            let reach = chance.between(0.80, 1.12);
            (
                centre.0 + angle.cos() * size.0 * reach,
                centre.1 + angle.sin() * size.1 * reach,
            )
        })
        .collect();
    canvas.polygon(&corners, colour);
}

fn tree(canvas: &mut Canvas, foot: Spot, share: f32) {
    canvas.line(
        &[foot, (foot.0, foot.1 - 130.0 * share)],
        14.0 * share,
        [0.36, 0.28, 0.21],
    );
    for (across, up, size) in [(0.0, 190.0, 66.0), (-42.0, 150.0, 48.0), (44.0, 156.0, 50.0)] {
        let centre = (foot.0 + across * share, foot.1 - up * share);
        canvas.ellipse(centre, (size * share, size * 0.86 * share), [0.30, 0.47, 0.27]);
    }
}

/// Three bins at a wall, running over or emptied.
pub(super) fn bins(chance: &mut Grain, tidy: bool) -> Canvas {
    let wall = chance.between(0.74, 0.82);
    let mut canvas = Canvas::shaded(
        [wall, wall * 0.96, wall * 0.88],
        [wall * 0.92, wall * 0.88, wall * 0.80],
    );
    for row in 0..9_u8 {
        let y = 40.0 + f32::from(row) * 52.0;
        canvas.line(&[(0.0, y), (1024.0, y)], 2.0, [wall * 0.86, wall * 0.82, wall * 0.74]);
    }
    canvas.polygon(&[(0.0, 500.0), (1024.0, 500.0), (1024.0, 768.0), (0.0, 768.0)], PAVING);
    let colours = [[0.16, 0.42, 0.25], [0.24, 0.28, 0.33], [0.14, 0.32, 0.56]];
    for (place, colour) in (0..3_u8).zip(colours) {
        let left = 190.0 + f32::from(place) * 220.0;
        if !tidy {
            heap(&mut canvas, chance, (left + 84.0, 332.0), (84.0, 44.0), 9);
        }
        let body = [
            (left, 330.0),
            (left + 168.0, 330.0),
            (left + 152.0, 566.0),
            (left + 16.0, 566.0),
        ];
        canvas.polygon(&body, colour);
        canvas.polygon(
            &[
                (left - 6.0, 322.0),
                (left + 174.0, 322.0),
                (left + 172.0, 344.0),
                (left - 4.0, 344.0),
            ],
            mix(colour, [1.0, 1.0, 1.0], 0.12),
        );
        if tidy {
            let lid = [
                (left - 8.0, 322.0),
                (left + 10.0, 300.0),
                (left + 158.0, 300.0),
                (left + 176.0, 322.0),
            ];
            canvas.polygon(&lid, mix(colour, [0.0, 0.0, 0.0], 0.2));
        }
        canvas.ellipse((left + 36.0, 572.0), (13.0, 13.0), [0.12, 0.12, 0.13]);
        canvas.ellipse((left + 132.0, 572.0), (13.0, 13.0), [0.12, 0.12, 0.13]);
    }
    if tidy {
        canvas.glow((512.0, 660.0), 380.0, [0.06, 0.06, 0.05]);
    } else {
        heap(&mut canvas, chance, (330.0, 640.0), (200.0, 40.0), 16);
        heap(&mut canvas, chance, (700.0, 650.0), (170.0, 36.0), 12);
    }
    canvas
}

fn heap(canvas: &mut Canvas, chance: &mut Grain, centre: Spot, size: Spot, bags: usize) {
    const BAGS: [Colour; 5] = [
        [0.12, 0.12, 0.13],
        [0.84, 0.84, 0.82],
        [0.72, 0.24, 0.20],
        [0.62, 0.52, 0.36],
        [0.24, 0.40, 0.60],
    ];
    for bag in 0..bags {
        let at = (
            centre.0 + chance.between(-size.0, size.0),
            centre.1 + chance.between(-size.1, size.1),
        );
        let reach = (chance.between(22.0, 44.0), chance.between(18.0, 30.0));
        let colour = BAGS[bag % BAGS.len()];
        canvas.ellipse(at, reach, colour);
        canvas.ellipse(
            (at.0 - 6.0, at.1 - 6.0),
            (reach.0 * 0.6, reach.1 * 0.5),
            mix(colour, [1.0, 1.0, 1.0], 0.10),
        );
    }
}

/// A manhole in the pavement, open with a branch standing in it, or covered.
pub(super) fn manhole(chance: &mut Grain, covered: bool) -> Canvas {
    let mut canvas = Canvas::shaded([0.70, 0.67, 0.62], [0.60, 0.57, 0.52]);
    for row in 0..10_u8 {
        let y = f32::from(row) * 84.0;
        canvas.line(&[(0.0, y), (1024.0, y)], 3.0, [0.50, 0.47, 0.43]);
        for column in 0..7_u8 {
            let shift = if row % 2 == 0 { 0.0 } else { 82.0 };
            let x = f32::from(column) * 164.0 + shift;
            canvas.line(&[(x, y), (x, y + 84.0)], 3.0, [0.50, 0.47, 0.43]);
        }
    }
    let centre = (500.0 + chance.between(-40.0, 40.0), 430.0 + chance.between(-20.0, 20.0));
    canvas.ellipse(centre, (250.0, 168.0), [0.42, 0.40, 0.38]);
    canvas.ellipse(centre, (226.0, 150.0), [0.24, 0.24, 0.25]);
    if covered {
        canvas.ellipse(centre, (216.0, 143.0), [0.36, 0.36, 0.38]);
        for ring in 1..5_u8 {
            let share = f32::from(ring) / 5.0;
            canvas.ellipse(
                centre,
                (206.0 * (1.0 - share) + 20.0, 136.0 * (1.0 - share) + 13.0),
                [0.29, 0.29, 0.31],
            );
            canvas.ellipse(
                centre,
                (196.0 * (1.0 - share) + 20.0, 129.0 * (1.0 - share) + 13.0),
                [0.38, 0.38, 0.40],
            );
        }
    } else {
        canvas.ellipse((centre.0, centre.1 + 8.0), (214.0, 136.0), [0.04, 0.04, 0.05]);
        let foot = (centre.0 + 20.0, centre.1 + 60.0);
        canvas.line(&[foot, (foot.0 - 50.0, foot.1 - 330.0)], 14.0, [0.38, 0.27, 0.18]);
        canvas.line(
            &[(foot.0 - 24.0, foot.1 - 170.0), (foot.0 + 70.0, foot.1 - 290.0)],
            9.0,
            [0.38, 0.27, 0.18],
        );
        for leaf in 0..14_u8 {
            let at = (
                foot.0 - 40.0 + chance.between(-70.0, 120.0),
                foot.1 - 300.0 + chance.between(-50.0, 60.0),
            );
            canvas.ellipse(at, (20.0, 11.0), [0.32, 0.46, 0.22 + f32::from(leaf) * 0.004]);
        }
    }
    canvas
}

/// A crossing between shops, under water or dry.
pub(super) fn crossing(chance: &mut Grain, flooded: bool) -> Canvas {
    let sky = if flooded {
        [0.55, 0.58, 0.62]
    } else {
        [0.62, 0.78, 0.92]
    };
    let mut canvas = Canvas::shaded(sky, [0.88, 0.90, 0.91]);
    for place in 0..6_u8 {
        let (left, height) = (f32::from(place) * 176.0 - 10.0, chance.between(210.0, 320.0));
        let wall = [[0.76, 0.70, 0.62], [0.68, 0.72, 0.74], [0.80, 0.75, 0.68]][usize::from(place % 3)];
        let top = 470.0 - height;
        canvas.polygon(
            &[(left, 470.0), (left, top), (left + 166.0, top), (left + 166.0, 470.0)],
            wall,
        );
        for row in 0..3_u8 {
            for column in 0..3_u8 {
                let (x, y) = (
                    left + 20.0 + f32::from(column) * 46.0,
                    top + 22.0 + f32::from(row) * 58.0,
                );
                canvas.polygon(
                    &[(x, y), (x + 30.0, y), (x + 30.0, y + 36.0), (x, y + 36.0)],
                    [0.46, 0.55, 0.62],
                );
            }
        }
        canvas.polygon(
            &[
                (left, 400.0),
                (left + 166.0, 400.0),
                (left + 166.0, 424.0),
                (left, 424.0),
            ],
            [[0.66, 0.24, 0.20], [0.22, 0.44, 0.36], [0.24, 0.36, 0.58]][usize::from(place % 3)],
        );
    }
    canvas.polygon(&[(0.0, 470.0), (1024.0, 470.0), (1024.0, 768.0), (0.0, 768.0)], ASPHALT);
    for stripe in 0..9_u8 {
        let left = 60.0 + f32::from(stripe) * 108.0;
        canvas.polygon(
            &[
                (left, 600.0),
                (left + 58.0, 600.0),
                (left + 40.0, 720.0),
                (left - 26.0, 720.0),
            ],
            PAINT,
        );
    }
    if flooded {
        ragged(&mut canvas, chance, (500.0, 650.0), (520.0, 104.0), [0.47, 0.44, 0.38]);
        for ripple in 0..12_u8 {
            let at = (chance.between(120.0, 900.0), 590.0 + f32::from(ripple) * 10.0);
            let end = (at.0 + chance.between(40.0, 120.0), at.1);
            canvas.line(&[at, end], 2.0, [0.62, 0.62, 0.60]);
        }
    } else {
        canvas.glow((520.0, 660.0), 360.0, [0.05, 0.05, 0.04]);
    }
    canvas
}
