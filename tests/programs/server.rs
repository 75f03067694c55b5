// server [N [T]]: T threads (default 4) at the same time, each calling with i = 0 .. N-1 (default
// 10000):
//
//   Server::handle(i, "the text", Point { i, -1 }, -5)   gives 7 + i
//   <Server as Shape>::area(i)                           gives i + 1
//   twice::<u64>(i)                                      gives 2 * i
//   large(Large { 1, 2, i }, 2.5, 9)                     the structure goes by address, gives i
use std::hint::black_box;
use std::thread;

mod app {
    use std::hint::black_box;

    #[allow(dead_code)]
    #[derive(Clone, Copy)]
    pub struct Point {
        pub x: i32,
        pub y: i32,
    }

    pub struct Large {
        pub words: [u64; 3],
    }

    pub struct Server {
        pub base: i64,
    }

    pub trait Shape {
        fn area(&self, scale: u32) -> u32;
    }

    impl Server {
        #[inline(never)]
        pub fn handle(&self, id: u32, name: &str, at: Point, last: i8) -> i64 {
            black_box(name);
            black_box((at, last));
            black_box(self.base + id as i64)
        }
    }

    impl Shape for Server {
        #[inline(never)]
        fn area(&self, scale: u32) -> u32 {
            black_box(&self.base);
            black_box(scale + 1)
        }
    }

    #[inline(never)]
    pub fn twice<T: Copy + std::ops::Add<Output = T>>(value: T) -> T {
        black_box(value) + value
    }

    #[inline(never)]
    pub fn large(value: Large, ratio: f64, after: u16) -> u64 {
        black_box((ratio, after));
        black_box(value.words[2])
    }
}

use app::Shape;

fn number(index: usize, default: u64) -> u64 {
    std::env::args().nth(index).map_or(default, |text| text.parse().unwrap())
}

fn main() {
    let n = number(1, 10000);
    let work = move || {
        let server = app::Server { base: 7 };
        for i in 0..n {
            let at = app::Point { x: black_box(i) as i32, y: black_box(-1) };
            let large = app::Large { words: black_box([1, 2, i]) };
            black_box(server.handle(black_box(i) as u32, black_box("the text"), at, black_box(-5)));
            black_box(server.area(black_box(i) as u32));
            black_box(app::twice(black_box(i)));
            black_box(app::large(large, black_box(2.5), black_box(9)));
        }
    };
    let threads: Vec<_> = (0..number(2, 4)).map(|_| thread::spawn(work)).collect();
    for thread in threads {
        thread.join().unwrap();
    }
}
