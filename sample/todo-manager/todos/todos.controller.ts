import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { StandardSchemaValidationPipe } from '@nestjs/common';
import { RequireScopes } from 'nestjs-mcp-auth';
import { z } from 'zod';
import { TodosService } from './todos.service.js';

const newTodo = z.object({ content: z.string().min(1) });

/** The same todos over REST. Nothing here is `@Public()`, so every route needs a valid token. */
@Controller('todos')
export class TodosController {
  constructor(private readonly todos: TodosService) {}

  @Get()
  list() {
    return this.todos.list();
  }

  @Post()
  @RequireScopes('create:todos')
  create(
    @Body({ schema: newTodo, pipes: [StandardSchemaValidationPipe] })
    { content }: z.infer<typeof newTodo>,
  ) {
    return this.todos.create(content);
  }

  @Delete(':id')
  delete(@Param('id') id: string) {
    return this.todos.delete(id);
  }
}
