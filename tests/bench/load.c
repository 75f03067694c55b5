// load FILE.bpf.o PROGRAM: attaches one program of a BPF object where its section says, prints
// "attached", and keeps it until its standard input ends.
#include <bpf/libbpf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char** argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: load FILE PROGRAM\n");
    return 2;
  }
  struct bpf_object* object = bpf_object__open_file(argv[1], NULL);
  if (!object) {
    perror(argv[1]);
    return 1;
  }
  struct bpf_program* program;
  bpf_object__for_each_program(program, object) {
    bpf_program__set_autoload(program, strcmp(bpf_program__name(program), argv[2]) == 0);
  }
  program = bpf_object__find_program_by_name(object, argv[2]);
  if (!program || bpf_object__load(object) != 0) {
    fprintf(stderr, "load: cannot load %s of %s\n", argv[2], argv[1]);
    return 1;
  }
  struct bpf_link* link = bpf_program__attach(program);
  if (!link) {
    perror("attach");
    return 1;
  }
  puts("attached");
  fflush(stdout);
  char byte;
  while (read(0, &byte, 1) > 0) continue;
  bpf_link__destroy(link);
  bpf_object__close(object);
  return 0;
}
