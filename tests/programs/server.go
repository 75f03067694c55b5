// server [N [T]]: T goroutines (default 4) at the same time, each calling with i = 0 .. N-1 (default
// 10000):
//
//	main.work(i, "the text", -5)           gives 2 * i; has two return instructions
//	main.(*Server).Handle(i, 2.5, point)   with a slice of i % 3 items; gives 7 + i
//	main.deep(300)                         once in each goroutine: 300 calls of itself, for which the
//	                                       runtime has to move the stack several times
package main

import (
	"os"
	"strconv"
	"sync"
)

type Point struct {
	x int32
	y int64
}

type Server struct {
	base int64
}

var sum int64
var items = []int{1, 2, 3}

//go:noinline
func work(i int, name string, small int8) int {
	if i%2 == 0 {
		return i * 2
	}
	sum += int64(len(name)) + int64(small)
	return i + i
}

//go:noinline
func (s *Server) Handle(id uint32, ratio float64, at Point, some []int) int64 {
	return s.base + int64(id) + int64(ratio) - 2 + int64(at.x) - at.y - int64(len(some)+1) + 1
}

//go:noinline
func deep(n int) int {
	var room [64]int
	room[n%64] = n
	if n == 0 {
		return room[0]
	}
	return deep(n-1) + room[n%64]
}

func number(index int, otherwise int) int {
	if len(os.Args) > index {
		value, _ := strconv.Atoi(os.Args[index])
		return value
	}
	return otherwise
}

func main() {
	n := number(1, 10000)
	var group sync.WaitGroup
	for t := number(2, 4); t > 0; t-- {
		group.Add(1)
		go func() {
			defer group.Done()
			s := &Server{7}
			for i := 0; i < n; i++ {
				work(i, "the text", -5)
				some := items[:i%3]
				s.Handle(uint32(i), 2.5, Point{int32(i), int64(i - len(some))}, some)
			}
			deep(300)
		}()
	}
	group.Wait()
}
